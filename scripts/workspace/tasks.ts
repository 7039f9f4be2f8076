/** The tasks of .vscode/tasks.json, and the form of .vscode/launch.json. */
import { readJsonc } from "./jsonc";
import type { ProblemMatcher } from "./problem-matcher";

export interface Task {
  readonly label: string;
  readonly command: string;
  readonly problemMatcher: readonly (ProblemMatcher | string)[];
}

export interface Launch {
  readonly configurations: readonly { preLaunchTask: string; program: string; args: string }[];
  readonly inputs: readonly { id: string; options?: string[] }[];
}

export async function tasks(): Promise<readonly Task[]> {
  return (await readJsonc<{ tasks: Task[] }>(".vscode/tasks.json")).tasks;
}

/** The matchers of the task with this label; those of VS Code itself, such as `$tsc`, are left out. */
export async function matchersOf(label: string): Promise<ProblemMatcher[]> {
  const task = (await tasks()).find((one) => one.label === label);
  if (!task) throw new Error(`.vscode/tasks.json has no task "${label}"`);
  return task.problemMatcher.filter((one): one is ProblemMatcher => typeof one !== "string");
}
