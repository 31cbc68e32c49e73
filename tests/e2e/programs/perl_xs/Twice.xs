#include "EXTERN.h"
#include "perl.h"
#include "XSUB.h"

MODULE = Text::Twice  PACKAGE = Text::Twice

int
twice(number)
    int number
  CODE:
    RETVAL = 2 * number;
  OUTPUT:
    RETVAL
