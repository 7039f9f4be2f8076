/** Text that came from the network, made safe to print on one line of a terminal. */
export { printable } from "../program/safe-text";
