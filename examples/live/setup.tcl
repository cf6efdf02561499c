# Reads the small design, linked and constrained; run it in this folder. LIBF names the osu018 Liberty file.
read_liberty [expr {[info exists ::env(LIBF)] ? $::env(LIBF) : "/usr/share/qflow/tech/osu018/osu018_stdcells.lib"}]
read_verilog small.v
link_design top
source base.sdc
