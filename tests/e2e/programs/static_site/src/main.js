document.title = "It works";
