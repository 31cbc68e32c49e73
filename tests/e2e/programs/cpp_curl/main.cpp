#include <curl/curl.h>
#include <zlib.h>

#include <cstring>
#include <iostream>
#include <string>
#include <vector>

int main()
{
    const std::string text(1000, 'x');
    uLongf size = compressBound(text.size());
    std::vector<Bytef> packed(size);
    compress(packed.data(), &size, reinterpret_cast<const Bytef *>(text.data()), text.size());
    curl_global_init(CURL_GLOBAL_DEFAULT);
    char *quoted = curl_easy_escape(nullptr, "a b", 0);
    std::cout << size << " " << quoted << "\n";
    curl_free(quoted);
    return 0;
}
