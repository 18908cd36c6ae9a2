/** Whether this is the build for a plain browser, with the practice world in place of the core. */
declare const __MOCK__: boolean;
