import { once } from "node:events";

/**
 * A port whose other end is closed: what is handed to it is freed at once. node:crypto makes a new buffer for every piece
 * it is given; left to the collector, they take a hundred megabytes before it looks. Until the port has heard that
 * nobody is there it keeps everything, so nothing begins before it has.
 */
const { port1, port2 } = new MessageChannel();
const nowhere = port1 as unknown as NodeJS.EventEmitter & typeof port1 & { ref(): void }; // node's ports are all of these
nowhere.ref(); // somebody waits
port2.close();
await once(nowhere, "close");

/** Overwrites pieces that have memory of their own, and frees it. */
export function letGo(...pieces: Uint8Array<ArrayBuffer>[]): void {
  for (const piece of pieces) piece.fill(0);
  letGoSealed(...pieces);
}

/** The same for what anybody may see: it is freed as it is. One message for several: each takes longer than freeing. */
export function letGoSealed(...pieces: Uint8Array<ArrayBuffer>[]): void {
  nowhere.postMessage(
    null,
    pieces.map(({ buffer }) => buffer),
  );
}
