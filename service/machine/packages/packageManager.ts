import * as z from 'zod';

/** Names of packages of Debian (deb-control(5)), RPM and Arch: no option, no pattern. */
export const packageName = z
    .string()
    .min(1)
    .max(128)
    .regex(/^[A-Za-z0-9][A-Za-z0-9+._-]*$/, 'is not the name of a package');
