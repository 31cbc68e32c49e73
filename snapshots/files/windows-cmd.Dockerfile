# escape=`
FROM windows/nanoserver:ltsc2022
USER ContainerAdministrator
RUN setx /M PATH "%PATH%;C:\tools"
RUN mkdir C:\tools
COPY tools C:\tools
SHELL ["cmd", "/S", "/C"]
RUN tool.exe --version
RUN del C:\tools\README.txt
