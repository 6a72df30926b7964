/** Times are free but must be times: a disc is written at some moment, and that says nothing about what is on it. */

/** ECMA-119 9.1.5, seven bytes; all zero says that none is given. */
export function isRecordedTime(bytes: Buffer): boolean {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = bytes;
  if (bytes.length === 7 && bytes.every((byte) => byte === 0)) return true;
  return bytes.length === 7 && isTime(1900 + year, month, day, hour, minute, second) && isZone(bytes.readInt8(6));
}

/** ECMA-119 8.4.26.1, sixteen digits and a zone; all digits zero say that none is given. */
export function isVolumeTime(bytes: Buffer): boolean {
  const digits = bytes.toString("latin1", 0, 16);
  if (/^0{16}$/.test(digits)) return bytes[16] === 0;
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\d\d$/.exec(digits);
  if (match === null || bytes.length !== 17) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  return year > 0 && isTime(year, month, day, hour, minute, second) && isZone(bytes.readInt8(16));
}

function isTime(year: number, month: number, day: number, hour: number, minute: number, second: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isDay && month > 0 && hour < 24 && minute < 60 && second < 60;
}

/** Quarters of an hour from Greenwich. */
function isZone(quarters: number): boolean {
  return quarters >= -48 && quarters <= 52;
}
