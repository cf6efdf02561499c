# Four steps of the small design in one session of the real tool. Every report goes to standard output between marker
# lines `@@@ <stage> <file>`; examples/live-stages.ts cuts them apart. LIBF is the osu018 Liberty file, HERE this folder.
proc section {stage file body} {
  puts "@@@ $stage $file"
  uplevel #0 $body
  flush stdout
}
proc stage {name} {
  section $name worst.rpt { report_worst_slack; report_tns; report_wns }
  section $name max_full.rpt { report_checks -path_delay max -format full -group_count 1000 -endpoint_count 1 }
  section $name min_full.rpt { report_checks -path_delay min -format full -group_count 1000 -endpoint_count 1 }
  section $name max_end.rpt { report_checks -path_delay max -format end -digits 4 -group_count 1000 -endpoint_count 1 }
  section $name min_end.rpt { report_checks -path_delay min -format end -digits 4 -group_count 1000 -endpoint_count 1 }
  section $name out.sdc {
    set copy [file join $::env(SCRATCH) out.sdc]
    write_sdc -no_timestamp $copy
    set in [open $copy]; puts [read $in]; close $in
  }
}
read_liberty $::env(LIBF)
read_verilog [file join $::env(HERE) small.v]
link_design top
source [file join $::env(HERE) base.sdc]
stage ideal
set TA 3.4; set TB 4.6; source [file join $::env(HERE) base.sdc]
stage period
set_propagated_clock [get_clocks {clk_a clk_b clk_d}]
stage propagated
set_multicycle_path -setup 2 -from [get_clocks clk_b] -to [get_clocks clk_b]
stage exceptions
