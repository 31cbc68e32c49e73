#include <stdio.h>
#include "count.h"

int main(int argc, char **argv)
{
    static char text[65536];
    FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;
    if (!file)
        return 1;
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    printf("the: %d\n", count(text, "the"));
    return 0;
}
