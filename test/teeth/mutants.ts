import { making } from "./making.js";
import { packages } from "./packages.js";
import { sealedFormat } from "./sealed-format.js";
import { surface } from "./surface.js";

export const mutants = [...sealedFormat, ...packages, ...making, ...surface];
