require "leven/leven"
