# escape=`
FROM windows/servercore:ltsc2022
SHELL ["powershell", "-Command", "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue';"]
RUN Invoke-WebRequest -UseBasicParsing https://example.org/python-3.12.4.exe -OutFile python.exe
RUN Start-Process python.exe -ArgumentList '/quiet', 'InstallAllUsers=1' -Wait; `
    Remove-Item python.exe -Force
WORKDIR C:\app
COPY . .
RUN python -m pip install -r requirements.txt
RUN python -m compileall .
CMD ["python", "main.py"]
