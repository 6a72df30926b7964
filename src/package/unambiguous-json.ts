const tokens = /("(?:[^"\\]|\\.)*")|\s+/g;

/**
 * JSON.parse for what people write by hand. Throws where a member is said twice, of which JSON.parse would keep the last
 * without a word, and where a number is not spelled as JSON.stringify spells it; else what JSON.parse throws.
 */
export function parseUnambiguousJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const spelled = text.replace(tokens, (_, string?: string) => {
    return string === undefined ? "" : JSON.stringify(JSON.parse(string));
  });
  if (spelled !== JSON.stringify(value))
    throw new SyntaxError("a member is there twice, or a number is spelled unusually");
  return value;
}
