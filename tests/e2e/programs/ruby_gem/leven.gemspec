Gem::Specification.new do |gem|
  gem.name = "leven"
  gem.version = "1.0.0"
  gem.summary = "Edit distance"
  gem.authors = ["example"]
  gem.files = ["lib/leven.rb", "ext/leven/leven.c", "ext/leven/extconf.rb"]
  gem.extensions = ["ext/leven/extconf.rb"]
end
