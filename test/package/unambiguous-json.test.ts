import { expect, test } from "vitest";
import { parseUnambiguousJson } from "../../src/package/unambiguous-json.js";

test.each([
  '{"a":[1,true,null,"x"],"b":{"c":-0.5}}',
  ' {\n  "a b" : "\\u00e4\\/ \\" \\\\" ,\t"c":[ ] }',
  '"a  b"',
  "7",
])("%s is what JSON.parse says it is", (text) => expect(parseUnambiguousJson(text)).toEqual(JSON.parse(text)));

test.each([
  ["a member twice", '{"a":1,"a":2}'],
  ["the same twice", '{"a":1,"a":1}'],
  ["a member twice, spelled differently", '{"a":1,"\\u0061":1}'],
  ["a member twice, further down", '[{"b":{"a":1,"c":[],"a":2}}]'],
  ["a number in another spelling", '{"a":7.3e2}'],
  ["no JSON", "{a:1}"],
  ["more than one value", "{} {}"],
])("%s is refused", (_, text) => {
  expect(() => parseUnambiguousJson(text)).toThrow(SyntaxError);
});
