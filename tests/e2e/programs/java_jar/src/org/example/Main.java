package org.example;

import java.util.stream.IntStream;

public final class Main {
    public static void main(String[] arguments) {
        System.out.println(IntStream.rangeClosed(1, 10).sum());
    }
}
