package main

import (
	"flag"
	"fmt"
	"html/template"
	"net/http"
	"os"
)

func main() {
	check := flag.Bool("check", false, "render the page and leave")
	flag.Parse()
	page := template.Must(template.ParseFiles("templates/index.html"))
	if *check {
		page.Execute(os.Stdout, "world")
		return
	}
	http.HandleFunc("/", func(answer http.ResponseWriter, asked *http.Request) {
		page.Execute(answer, asked.URL.Path)
	})
	fmt.Println(http.ListenAndServe(":8080", nil))
}
