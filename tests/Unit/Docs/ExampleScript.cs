namespace Acm.Tests.Docs;

/// <summary>
/// The script that runs the examples in one shell. Each starts in the same state: a connection to an in-memory server with a few
/// configurations, a new folder with a few files, and no snapshots, variables or events of other examples.
/// </summary>
internal static class ExampleScript
{
    public const string Text = """
        param($List, $Work, $Endpoint, $Second)
        $ErrorActionPreference = 'Stop'
        $ProgressPreference = 'SilentlyContinue'

        # What asks a person, answered.
        function Get-Credential { New-Object pscredential 'user', (Read-Host) }
        function Read-Host { $secret = New-Object securestring; foreach ($c in 'secret'.ToCharArray()) { $secret.AppendChar($c) }; $secret }

        function New-World($Name) {
            Get-EventSubscriber -Force | Unregister-Event -Force
            Get-Event | Remove-Event
            foreach ($server in $Endpoint, $Second) {
                $session = Connect-Acm $server -NoSnapshot
                foreach ($namespace in '', 'dev', 'test', 'staging', 'prod') {
                    Find-AcmConfig -Session $session -Namespace $namespace | Remove-AcmConfig -Session $session -Namespace $namespace -Confirm:$false
                }
                Disconnect-Acm $session
            }

            $folder = New-Item -ItemType Directory (Join-Path $Work $Name)
            $ExecutionContext.SessionState.Path.SetLocation("$folder")
            $env:XDG_DATA_HOME = Join-Path $folder '.local'
            $env:XDG_CONFIG_HOME = Join-Path $folder '.config'
            $env:ACM_PROFILE_PATH = Join-Path $folder '.config/Acm/profiles.json'
            $null = New-Item -ItemType Directory config
            Set-Content config/gateway.yaml "port: 8080`nlog: info" -NoNewline
            Set-Content config/orders.json '{ "currency": "CNY", "limit": 100 }' -NoNewline
            Set-Content app.properties 'retries=3' -NoNewline

            $null = Connect-Acm $Endpoint
            Set-AcmConfig gateway.yaml "port: 8080`nlog: info"
            Set-AcmConfig orders.json '{ "currency": "CNY", "limit": 100 }'
            Set-AcmConfig db.properties "url=jdbc:mysql://db:3306/pay`npool=10" -Group PAYMENT
            Set-AcmConfig gateway.yaml 'port: 8081' -Namespace prod
        }

        foreach ($example in Get-Content $List -Raw | ConvertFrom-Json) {
            $texts = [System.Collections.Generic.List[object]]::new()
            $failure = $null
            try {
                New-World $example.id
                & {
                    . ([scriptblock]::Create($args[0].setUp))
                    foreach ($code in $args[0].code) {
                        $texts.Add((. ([scriptblock]::Create($code)) 2>&1 3>&1 4>&1 6>&1 | Out-String -Width 80))
                    }
                } $example
            } catch {
                $failure = "$($_.FullyQualifiedErrorId): $_ $($_.ScriptStackTrace)"
            }

            # Servers that it started are its own; what it left connected as well.
            try { Stop-AcmServer -Confirm:$false; Disconnect-Acm } catch { if (-not $failure) { $failure = "clean-up: $_" } }
            $ExecutionContext.SessionState.Path.SetLocation($Work)
            'ROW ' + (@{ id = $example.id; output = @($texts); failure = $failure } | ConvertTo-Json -Compress)
        }
        """;
}
