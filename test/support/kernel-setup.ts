/** Before the tests: has the many kernels that they start be quick to start. */
import path from "node:path";
// Not from the client, which loads what talks to kernels.
import { prepareKernels } from "../../src/kernel/kernel-process";

export default (): Promise<void> => prepareKernels(path.resolve(import.meta.dirname, "../.."));
