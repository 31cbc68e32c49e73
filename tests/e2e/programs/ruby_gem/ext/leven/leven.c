#include <ruby.h>
#include <string.h>

static VALUE distance(VALUE self, VALUE one, VALUE other)
{
    const char *a = StringValueCStr(one), *b = StringValueCStr(other);
    int row[256], width = (int)strlen(b);
    for (int j = 0; j <= width; j++)
        row[j] = j;
    for (int i = 1; a[i - 1]; i++) {
        int corner = row[0];
        row[0] = i;
        for (int j = 1; j <= width; j++) {
            int best = corner + (a[i - 1] != b[j - 1]);
            corner = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return INT2NUM(row[width]);
}

void Init_leven(void)
{
    rb_define_singleton_method(rb_define_module("Leven"), "distance", distance, 2);
}
