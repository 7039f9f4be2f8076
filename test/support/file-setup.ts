/** Vitest runs this before each test file. */
import { endWithFile } from "./end-of-file";

endWithFile();
