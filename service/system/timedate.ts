/** The object that looks after the clock and the time zone: org.freedesktop.timedate1(5). It runs only while it is asked something. */
export const timedate = {
    destination: 'org.freedesktop.timedate1',
    path: '/org/freedesktop/timedate1',
    interface: 'org.freedesktop.timedate1',
};
