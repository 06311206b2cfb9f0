/**
 * The file by which dconf tells programs that a setting changed. It holds a single byte, and is removed and made anew with each
 * change (dconf_shm_flag() of shm/dconf-shm.c).
 */
export const settingsFlag = /^\/run\/user\/\d{1,10}\/dconf\/[\w-]{1,64}$/;
