export { safeOutput } from "../program/safe-text";
