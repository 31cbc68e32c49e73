#include <stdio.h>
#include <stdlib.h>
#include "shapes.h"

int main(int argc, char **argv)
{
    if (argc < 3)
        return 1;
    printf("%d\n", area(atoi(argv[1]), atoi(argv[2])));
    return 0;
}
