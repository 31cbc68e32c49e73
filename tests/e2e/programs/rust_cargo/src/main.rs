fn rot(letter: char) -> char {
    match letter {
        'a'..='z' => (((letter as u8 - b'a' + 13) % 26) + b'a') as char,
        _ => letter,
    }
}

fn main() {
    for word in std::env::args().skip(1) {
        println!("{}", word.chars().map(rot).collect::<String>());
    }
}
