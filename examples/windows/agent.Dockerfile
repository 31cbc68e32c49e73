# escape=`
FROM mcr.microsoft.com/windows/servercore:ltsc2022
SHELL ["powershell", "-Command", "$ErrorActionPreference = 'Stop';"]
RUN Invoke-WebRequest -Uri https://example.com/agent.zip -OutFile C:\agent.zip
RUN Expand-Archive C:\agent.zip -DestinationPath C:\agent; `
    Remove-Item C:\agent.zip
ENTRYPOINT ["C:\\agent\\agent.exe"]
