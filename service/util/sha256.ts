/**
 * SHA-256 in hexadecimal. `node:crypto` comes with OpenSSL, more than a megabyte of memory for as long as the service runs, so it is
 * loaded with the first hash.
 */
export function sha256(data: string | Uint8Array): string {
    return process.getBuiltinModule('node:crypto').hash('sha256', data, 'hex');
}
