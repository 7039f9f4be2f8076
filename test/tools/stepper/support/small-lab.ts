/** A lab of one part with two cells, and a notebook that is none. */
import { type LabFolder, labFolder } from "../../notebook/support/lab-folder";

export const TWO = `%% md title
# Part 2: The second

After this part you can **do** two [things](x.md), and
a third.
%% code one
const a = 1;
%% code program
/** @module tcp_server */
export const b = 2;
%% md end
**Criteria covered:** do this; do that.
`;
export const FILE = "notebooks/02-second.ipynb";

export async function smallLab(): Promise<LabFolder> {
  const folder = await labFolder({ "02-second": TWO });
  await folder.write("notebooks/03-bad.ipynb", "[");
  return folder;
}
