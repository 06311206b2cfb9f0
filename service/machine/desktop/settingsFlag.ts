/**
 * The file by which dconf signals that a setting changed. It holds a single byte; each change removes and recreates it
 * (dconf_shm_flag() of shm/dconf-shm.c).
 */
export const settingsFlag = /^\/run\/user\/\d{1,10}\/dconf\/[\w-]{1,64}$/;
