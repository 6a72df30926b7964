import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { expect, test } from "vitest";
import { memoryOfLists, PackedList, unpacked } from "../../src/ring/packed-list.js";

const itemsOf = (count: number) => Array.from({ length: count }, (_, n) => ({ path: `Zoë ${n}/𝒳.mp4`, sizeBytes: n }));

test.each([0, 1, 5000])("a list of %i comes out as it went in", (count) => {
  const items = itemsOf(count);
  expect([...unpacked(PackedList.of(items))]).toEqual(items);
});

test("a list goes to another thread without a copy of it staying here", () => {
  const items = itemsOf(5000);
  const data = { files: PackedList.of(items), seal: "EV", nothing: undefined };
  const memory = memoryOfLists(data);
  expect(memory.length).toBeGreaterThan(1);
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(data, [...memory]);
  expect(memory.map(({ byteLength }) => byteLength)).toEqual(memory.map(() => 0));
  const { message } = receiveMessageOnPort(port2) as { message: typeof data };
  expect([...unpacked(message.files)]).toEqual(items);
  port1.close();
});

test.each([null, undefined, "text", { pieces: [new ArrayBuffer(1)] }])("%j holds no list", (data) => {
  expect(memoryOfLists(data)).toEqual([]);
});
