import type { Vocabulary } from './concepts.ts';

export const english: Vocabulary = {
    language: 'en',
    ignored: `away first a an the is are am was were be been being do does did done doing has have had having can could would will
        should shall may might must please kindly just really actually still even so to of for on in at by with from into
        about onto over under i me my mine we us our you your it its this that these those there here any some all and or
        but if then than as up out off not no yes tell show give let know see find want need like get
        got go going come thing things stuff something anything everything lot lots bit much many very too also now_then
        currently right exactly one ones s t re ve ll m d got_any what_is computer_is so_much keep keeps kept since during
        ago while being being_used because due happening happen happens look looks looking check checks seem seems think
        say says where tell_me show_me could_you can_you would_you them they he she makes made which after almost more else card cards record records stay stays staying reach does_it_stop is_used am_i_using i_am_using
        again always sometimes often suddenly extremely randomly unexpectedly constantly getting become becomes becoming feel feels together between until till around spinning spins spin`,
    asking: 'what_is did do does is are was were has have had should must',
    and: 'and or also plus & ,',
    words: {
        own: 'do_i_have how_many i_have',
        memory: 'memory ram mem memories oom',
        swap: 'swap swapping swapped swapfile zram',
        processor: `cpu cpus processor processors core cores load loadavg proc processing_power compute cpu_usage
            load_average busy`,
        disk: `smart disk disks disck disc drive drives storage ssd hdd nvme filesystem filesystems partition partitions df
            space hard_drive hard_disk gigabytes gb inodes inode root_partition var tmp`,
        folder: `config configs folder folders directory directories file files du downloads home`,
        network: `network networking internet wifi wi-fi wlan lan ethernet online offline connection connected connectivity
            connect web_page web_pages gateway router dns nameserver ip address hotspot wireless cable net subnet wired resolv.conf resolve hostname hostnames host_names`,
        temperature: `loud noisy temperature temperatures temp temps hot heat heating overheat overheating overheated thermal
            thermals cooling fan fans warm degrees celsius sensors`,
        battery: `battery batteries charge charging charged charger power powered plugged ac mains power_supply unplugged
            discharging`,
        uptime: 'uptime since_when up_since been_up running_since how_long been_on been_running turned_on switched_on',
        autostart: `autostart autostarts autostarted auto-start startup_program startup_programs startup_app startup_apps
            startup_application startup_applications startup_items startup_entries login_items login_programs login_apps`,
        login: 'when_i_log_in when_i_login when_i_sign_in login log_in log-in logon sign_in signing_in logging_in',
        begin: 'start starts started starting launch launches launched launching run runs running open opens opened load loads loaded come_up comes_up',
        automatic: 'automatically automatic by_itself by_themselves on_its_own on_their_own auto',
        boot: 'boot boots booted booting reboot rebooted reboots restart restarts restarted startup start_up started_up power_on starting_up the_start does_starting',
        shutdown: 'shutdown shut_down powered_off turned_off switched_off power_off unexpected_reboot',
        sleep: `sleep sleeps sleeping asleep suspend suspends suspended suspending standby stand_by hibernate hibernates
            hibernation awake wake wakes waking woke lid stay_on stays_on inhibitor inhibitors`,
        clock: `clock time_zone timezone time_zones what_time_is which_time_is whats_the_time what_is_the_time
            what_is_the_current_time the_time_right the_time_correct the_time_wrong right_time wrong_time system_time`,
        version: 'version versions release releases versioning info information specs specification about_this edition',
        kernel: 'kernel linux uname',
        distribution: 'distribution distro os operating_system debian ubuntu fedora arch nixos opensuse system_version',
        shell: 'gnome gnome-shell shell desktop_version mutter desktop_environment',
        systemd: 'systemd init pid1 init_system',
        reeve: 'reeve',
        hardware: `hardware driver drivers model gpu graphics graphics_card video_card motherboard chip vendor processor_model
            graphics_driver`,
        user: 'user users logged login logins logged_in log_in logging_in signed_in sessions session account accounts whoami who_am_i people',
        crash: `crash crashes crashed crashing coredump coredumps core_dump core_dumps segfault segfaults segfaulted
            segmentation dumped dump froze freeze freezes frozen hang hangs hung killed quit_unexpectedly`,
        failure: `new_problem new_problems new_error new_errors new_failure new_failures new_incidents new_warnings new_issues new_faults dying fail fails failed failing failure failures error errors problem problems issue issues trouble fault
            faults incident incidents alert alerts warning warnings went_wrong wrong gone_wrong bad broke break breaks complain
            complaining`,
        fix: 'fix fixes fixed fixing repair repairs solve solution remedy resolve undo proposal proposals fix_card',
        change: `change changes changed changing modified modify modifications edited edit edits altered different history
            timeline happened new updated_recently diff touched`,
        package: `programs_did_i_install apps_did_i_install programs_i_installed apps_i_installed snaps flatpaks package packages update updates updated upgrade upgrades upgraded installed installs uninstalled
            software install apt dpkg dnf rpm pacman removed any_updates there_updates updates_waiting`,
        update: 'update updates upgrade upgrades up_to_date any_updates there_updates updates_waiting',
        sound: `sound sounds audio speaker speakers microphone mic headphones headset volume hear heard mute muted silent
            loudspeaker loudspeakers`,
        extension: `extension extensions addon addons add-on add-ons plugin plugins gnome_extension gnome_extensions
            shell_extension shell_extensions`,
        unit: `service services unit units daemon daemons systemctl timer timers socket sockets server process_state
            background_service`,
        log: 'log logs journal journalctl syslog dmesg messages logged_errors',
        application: `application applications app apps program programs process processes task tasks tab tabs pid pids what_is_running whats_running`,
        computer: `computer pc laptop system machine desktop box device notebook workstation host my_system everything_is
            os_is`,
        help: 'hello hi hey help commands usage_help what_can_you_do capabilities features questions answer answers who_are_you what_are_you you_do you_know ask options abilities able manual',
        usage: `using use uses used usage consuming consume consumes consumption eating eats eat hogging hog hogs taking takes take took
            occupying occupy utilization utilisation heavy heaviest most hungry leak leaking leaks drain draining
            biggest_consumer overloaded loaded demanding`,
        free: 'room free available left remaining remain spare headroom empty up_to_date any_updates there_updates updates_waiting',
        needed: 'need_to needs_to needed required necessary pending have_to has_to do_i_have_to should_i must_i need_a needs_a',
        full: 'high limit limits full filled filling fill low exhausted ran_out running_out out_of run_out runs_out nearly_full enough',
        large: 'large larger largest big bigger biggest huge size sizes heaviest_folder fat',
        state: `what_is_running whats_running doing unplugged state status running runs active inactive alive up_and_running enabled disabled stopped started dead work
            works working installed_and loaded_state down listening play open`,
        broken: `not_found disconnecting disconnects drops dropping broken not_working doesn't_work not_running doesnt_work won't_start wont_start cannot can't cant unable
            fails_to dont don't won't wont isn't isnt doesn't doesnt not_start stopped_working nothing no_longer unreachable`,
        healthy: `ok okay check_my check_the worn healthy health fine good well alright summary overview report condition diagnosis diagnose diagnostics
            checkup status how_is_everything in_order all_right doing_ok how_are_things okay_is sanity everything_ok everything_okay
            everything_all_right everything_alright doctor`,
        slow: `slow slows slowly sluggish lag lags lagging laggy stutter stutters stuttering unresponsive slowed slower
            performance freezing crawl crawling choppy speed fast slowdown take_so_long takes_so_long taking_so_long took_so_long so_long too_long forever`,
        duration: 'take takes took taking how_long long duration',
        why: 'why reason reasons cause causes caused causing explain how_come explanation what_caused',
        when: 'when time date',
        how: 'how',
        who: 'who whose',
        what: "waht what whats what's",
        list: 'list listing print display describe details detail overview_of',
        measure:
            'gigabytes gb average percent percentage level amount total number count statistics stats usage_stats monitor gauge rate',
        now: 'now current currently moment at_the_moment right_now presently',
        recent: 'recent recently lately newest latest newly just_now',
        last: 'last previous previously past prior before earlier',
        before: 'before prior',
        today: 'today tonight this_morning this_afternoon this_evening',
        daypart: 'morning afternoon evening this_morning this_afternoon this_evening',
        since: 'since',
        yesterday: 'yesterday',
        sunday: 'sunday',
        monday: 'monday',
        tuesday: 'tuesday',
        wednesday: 'wednesday',
        thursday: 'thursday',
        friday: 'friday',
        saturday: 'saturday',
        night: 'last_night overnight night',
        hour: 'half-hour quarter-hour hour hours minute minutes',
        day: 'day days 24h',
        week: 'week weeks weekend',
        command: `shut_down power_off turn_off switch_off restart start stop enable disable install uninstall remove delete kill reboot update upgrade turn switch
            shut run execute clean clear free_up mount unmount format reset set configure connect disconnect open close
            launch quit move copy rename create apply reload reinstall empty change make make_it do_it put mute increase
            decrease raise lower terminate rm sudo chmod chown dd wipe erase`,
        undo: 'undo undone revert reverted rollback roll_back take_back take_it_back take_that_back taken_back put_back',
        doer: 'did_you have_you did_reeve has_reeve by_you by_reeve',
        deed: `did_you_do have_you_done you_did you_have_done you_have_fixed you_fixed you_changed did_reeve_do has_reeve_done
            reeve_fixed reeve_changed`,
        peripheral: `mouse keyboard touchpad trackpad webcam camera screen usb usb_port usb_ports usb_device usb_devices connected_devices`,
        thing: 'port ports trash recycle_bin slot slots devices how_fast no_longer_needed not_needed unneeded',
        foreign: `phone phones iphone android smartphone netflix facebook instagram whatsapp youtube car oven kitchen supermarket shop train neighbour neighbor elephant weather poem poems joke jokes story stories song songs recipe recipes cook cooking translate translation write
            essay news stock stocks bitcoin love president capital country football soccer movie movies film book books
            music lyrics homework math calculate sum code website email mail_to letter draft
            holiday hotel flight restaurant pizza dinner lunch birthday horoscope meaning_of_life philosophy religion politics
            election game games play_a sing draw picture image paint photo generate imagine pretend roleplay
            ignore instructions rules prompt jailbreak password hack credentials secret moon sun planet universe cat dog
            next upcoming are_you_ok are_you_okay difference mean means good_for girlfriend boyfriend age old tallest population convert currency dollar euro teach lesson english german
            french language summarize summarise article wikipedia google youtube facebook remind alarm appointment
            calendar meeting tomorrow forecast rain sunny colour color favourite favorite conscious
            human alive_are_you who_made best recommend better`,
    },
};
