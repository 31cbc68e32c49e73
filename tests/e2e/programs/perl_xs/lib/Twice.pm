package Text::Twice;
use strict;
our $VERSION = '1.00';
require XSLoader;
XSLoader::load('Text::Twice', $VERSION);
1;
