// What the compiler makes of a cell.

import type { CodeMap } from "./repairs/source-maps";

export interface CompiledCell {
  js: string;
  map: CodeMap | undefined;
  async: boolean;
  /** The name under which the value of the last expression is exported. */
  resultName: string | undefined;
  modules: CompiledModule[];
  /** Becomes the declarations of later cells once the cell has run. */
  declarations: string;
}

export interface CompiledModule {
  path: string;
  data: string;
  map: CodeMap | undefined;
}
