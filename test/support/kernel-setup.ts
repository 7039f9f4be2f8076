/** Before the tests: has the many kernels that they start be quick to start. */
import { prepareKernels } from "../../src/kernel/client";

export default (): Promise<void> => prepareKernels();
