import { discCountOf, type Label } from "../package/label.js";

/** `disc 2 of 3`, or the package where it is not cut into parts. */
export function discWords(label: Label, disc: number | undefined): string {
  return disc === undefined ? "the package" : `disc ${disc} of ${discCountOf(label)}`;
}
