/** Elements that go through a kernel of rows at a time: input, what is made of it and results stay in the second-level cache. */
export const CHUNK = 1 << 15;
/** Elements that such kernels may read and write behind the last. */
export const BEHIND = 7;
