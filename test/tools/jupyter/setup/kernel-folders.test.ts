import { expect, it } from "vitest";
import {
  jupyterDataFolders,
  type Machine,
  userDataFolder,
  vscodeDataFolders,
} from "../../../../src/tools/jupyter/setup/kernel-folders";

const machine = (platform: NodeJS.Platform, home: string, env: NodeJS.ProcessEnv): Machine => ({
  platform,
  home,
  env,
});
const LINUX = machine("linux", "/home/ada", {});
const WINDOWS = machine("win32", "C:\\Users\\ada", {
  APPDATA: "D:\\Roaming",
  PROGRAMDATA: "C:\\ProgramData",
});

it("a user's Jupyter data are where Jupyter's documentation says for each system", () => {
  const cases: [Machine, string][] = [
    [LINUX, "/home/ada/.local/share/jupyter"],
    [machine("linux", "/home/ada", { XDG_DATA_HOME: "/data" }), "/data/jupyter"],
    [machine("darwin", "/Users/ada", { XDG_DATA_HOME: "/data" }), "/Users/ada/Library/Jupyter"],
    [WINDOWS, "D:\\Roaming\\jupyter"],
    [machine("win32", "C:\\Users\\ada", {}), "C:\\Users\\ada\\.jupyter\\data"],
    ...["linux", "darwin", "win32"].map((name): [Machine, string] => [
      machine(name as NodeJS.Platform, "/home/ada", { JUPYTER_DATA_DIR: "/chosen" }),
      "/chosen",
    ]),
  ];
  for (const [where, folder] of cases) expect(userDataFolder(where), where.platform).toBe(folder);
});

it("VS Code looks in the usual folders only, whatever the environment says", () => {
  const moved = { ...LINUX, env: { JUPYTER_DATA_DIR: "/chosen", XDG_DATA_HOME: "/data" } };
  expect(vscodeDataFolders(moved)).toEqual([
    "/usr/share/jupyter",
    "/usr/local/share/jupyter",
    "/home/ada/.local/share/jupyter",
  ]);
  expect(vscodeDataFolders(machine("darwin", "/Users/ada", {}))).toContain(
    "/Users/ada/Library/Jupyter",
  );
  expect(vscodeDataFolders(WINDOWS)).toEqual(["C:\\Users\\ada\\AppData\\Roaming\\jupyter"]);
});

it("Jupyter looks in JUPYTER_PATH, then in the user's folder, then in the system's", () => {
  const env = { JUPYTER_PATH: "/a:/b", JUPYTER_DATA_DIR: "/chosen" };
  expect(jupyterDataFolders({ ...LINUX, env })).toEqual([
    "/a",
    "/b",
    "/chosen",
    "/usr/local/share/jupyter",
    "/usr/share/jupyter",
  ]);
  const windows = { ...WINDOWS, env: { ...WINDOWS.env, JUPYTER_PATH: "C:\\a;D:\\b" } };
  expect(jupyterDataFolders(windows)).toEqual([
    "C:\\a",
    "D:\\b",
    "D:\\Roaming\\jupyter",
    "C:\\ProgramData\\jupyter",
  ]);
});
