require "mkmf"
create_makefile("leven/leven")
