FROM debian:12
RUN make >/dev/null &>all.log
RUN mkdir /one
RUN make |& tee log
RUN mkdir /two
RUN echo $'it\'s'
RUN mkdir /three
RUN echo \  lone
RUN mkdir /four
RUN if true; then mkdir /five
RUN mkdir /six
RUN echo a \
    # a comment that the shell never sees
    && echo b # one that it sees \
    && echo c
RUN mkdir /seven
RUN echo lon\
# in the middle of a word
gword
RUN mkdir /eight
RUN touch /eight/a # see the\
notes
RUN
RUN mkdir /nine
