BeforeAll {
    . "$PSScriptRoot/common.ps1"
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Connect-Acm' {
    Context 'with the servers of a Nacos' {
        It 'publishes and reads as Nacos clients do, and keeps what is stored beside the content' {
            $nacos = Connect-Acm -Server "$server" -Namespace nacos -NoSnapshot -NoDefault
            $acm = Connect-Acm "$server" nacos -Direct -NoSnapshot -NoDefault

            Set-AcmConfig nacos.yaml 'greeting: 你好' -Description 'said first' -Session $nacos
            Set-AcmConfig nacos.yaml 'greeting: 您好' -Session $nacos

            Get-AcmConfig nacos.yaml -Raw -Session $nacos | Should -Be 'greeting: 您好'
            Get-AcmConfig nacos.yaml -Raw -Session $acm | Should -Be 'greeting: 您好'
        }
    }

    Context 'with a server of unknown type' {
        It 'detects the type with the first call, and shows it' {
            $found = Connect-Acm -Server "$server" -NoSnapshot -NoDefault
            $before = "$($found.ServerType)"
            $null = Find-AcmConfig -Session $found

            $before | Should -Be 'Auto'
            $found.ServerType | Should -Be 'Nacos'
            $found.ServerVersion | Should -Not -BeNullOrEmpty
            $found.Capabilities | Should -Contain 'Metadata'
        }

        It 'signs with access keys, and logs in with a credential' {
            $password = ConvertTo-SecureString 'the-password' -AsPlainText -Force
            $keys = Connect-Acm -Server nacos.invalid -AccessKey LTAI1234567890xy -SecretKey $password -SignatureRegion cn-hangzhou -NoDefault
            $user = Connect-Acm -Server nacos.invalid -Credential (New-Object pscredential ann, $password) -NoDefault

            $keys.AccessKey | Should -Be 'LTAI***xy'
            $keys.UserName | Should -BeNullOrEmpty
            $user.UserName | Should -Be 'ann'
            { Connect-Acm -Server nacos.invalid -IdentityKey id } | Should -Throw -ErrorId 'AcmInvalidParameter*'
        }
    }

    Context 'with the environment' {
        BeforeAll {
            $env:ACM_SERVER = "$server"
            $env:ACM_NAMESPACE = 'of-the-environment'
            $env:ACM_NO_SNAPSHOT = 'true'
        }

        AfterAll { Remove-Item env:ACM_SERVER, env:ACM_NAMESPACE, env:ACM_NO_SNAPSHOT }

        It 'uses its server and namespace, which parameters override' {
            $session = Connect-Acm -NoDefault
            $other = Connect-Acm -Namespace given -NoDefault

            $session.Endpoint | Should -Be "$server"
            $session.Namespace | Should -Be 'of-the-environment'
            $other.Namespace | Should -Be 'given'
        }
    }

    Context 'without credentials' {
        It 'sends no request: it connects while all servers are down' {
            $session = Connect-Acm -Endpoint 127.0.0.1:1 -Namespace dev

            $session | Should -BeOfType ([AcmPowerShell.AcmSession])
            $session.Endpoint | Should -Be '127.0.0.1:1'
            $session.Namespace | Should -Be 'dev'
            $session.IsConnected | Should -BeTrue
            $session.Server | Should -BeNullOrEmpty
        }

        It 'makes the default connection' {
            $session = Connect-Acm "$server" -Direct -NoSnapshot

            Get-AcmSession | Should -Be $session
            Find-AcmConfig | Should -BeNullOrEmpty
            (Get-AcmSession).Server | Should -BeLike '127.0.0.1*'
        }

        It 'keeps the default connection with -NoDefault' {
            $first = Connect-Acm "$server" -Direct -NoSnapshot
            $second = Connect-Acm "$server" other -Direct -NoSnapshot -NoDefault

            Get-AcmSession | Should -Be $first
            Set-AcmConfig second.txt 'x' -Session $second
            (Find-AcmConfig second.txt -Session $second).Namespace | Should -Be 'other'
        }

        It 'shows its state' {
            $session = Connect-Acm "$server" -Direct -NoSnapshot
            $session.State | Should -Be 'NotTried'
            $null = Find-AcmConfig
            $session.State | Should -Match '^Ok \d\d:\d\d$'
            Get-AcmConfig not-there -ErrorAction SilentlyContinue
            $session.State | Should -BeLike 'Ok *'
            Disconnect-Acm $session
            $session.State | Should -Be 'Ended'

            $dead = Connect-Acm 127.0.0.1:1 -Direct -NoSnapshot -NoDefault
            Get-AcmConfig x -Session $dead -TimeoutSec 5 -ErrorAction SilentlyContinue
            $dead.State | Should -Match '^Failed \d\d:\d\d ServerUnavailable$'
            ($dead | Format-Table | Out-String) | Should -Match 'State'
        }

        It 'rejects a secret key with a line break' {
            { Connect-Acm 127.0.0.1:1 -AccessKey AK -SecretKey (ConvertTo-Secret "secret`n") } | Should -Throw '*line break*'
        }

        It 'accepts a server from Start-AcmServer, without snapshots if its data is in memory' {
            $session = $server | Connect-Acm

            $session.Endpoint | Should -Be $server.Endpoint
            $session.Direct | Should -BeFalse
            $session.SnapshotPath | Should -BeNullOrEmpty
        }

        It 'reads <namespace> as the default namespace' -ForEach @{ namespace = '' }, @{ namespace = 'public' }, @{ namespace = '[default]' } {
            (Connect-Acm 127.0.0.1:1 $namespace).Namespace | Should -Be ''
        }

        It 'takes several servers with -Direct' {
            Set-AcmConfig several.yaml 'x' -Session (Connect-Acm "127.0.0.1:1,$server" -Direct -NoSnapshot)

            Get-AcmConfig several.yaml -Raw | Should -Be 'x'
        }

        It 'shows its settings' {
            $session = Connect-Acm 127.0.0.1:1 -UnitName unit -AppName Shop -TimeoutSec 7 -FailoverPath TestDrive:/failover -SnapshotPath TestDrive:/snapshot

            $session.UnitName | Should -Be 'unit'
            $session.AppName | Should -Be 'Shop'
            $session.TimeoutSec | Should -Be 7
            $session.FailoverPath | Should -Be ([IO.Path]::Combine("$TestDrive", 'failover'))
            $session.SnapshotPath | Should -Be ([IO.Path]::Combine("$TestDrive", 'snapshot'))
        }

        It 'writes a trace to -TracePath' {
            $session = Connect-Acm "$server" -Direct -NoSnapshot -TracePath TestDrive:/trace.txt
            $null = Find-AcmConfig
            Disconnect-Acm $session

            Get-Content -Path TestDrive:/trace.txt -Raw | Should -Match '127\.0\.0\.1'
        }

        It 'warns if certificates are not validated' {
            $null = Connect-Acm https://127.0.0.1:1 -SkipCertificateCheck -WarningVariable warnings -WarningAction SilentlyContinue

            $warnings | Should -HaveCount 1
        }
    }

    Context 'a profile' {
        BeforeAll {
            $script:userProfiles = $env:ACM_PROFILE_PATH
            $env:ACM_PROFILE_PATH = [IO.Path]::Combine("$TestDrive", 'acm', 'profiles.json')
            Add-AcmProfile local -Endpoint "$server" -Namespace connected -Direct -NoSnapshot -TimeoutSec 7 -SkipTest
        }

        AfterAll {
            $env:ACM_PROFILE_PATH = $userProfiles
        }

        It 'is selected by its name' {
            $session = Connect-Acm -Profile local

            $session.Profile | Should -Be 'local'
            $session.Namespace | Should -Be 'connected'
            Find-AcmConfig | Should -BeNullOrEmpty
        }

        It 'is overridden by parameters' {
            $session = Connect-Acm -Profile local -Namespace test -TimeoutSec 8

            $session.Namespace | Should -Be 'test'
            $session.TimeoutSec | Should -Be 8
        }

        It 'that does not exist is an error' {
            { Connect-Acm -Profile other } | Should -Throw -ErrorId 'AcmProfileNotFound,*'
        }
    }

    Context 'with credentials' {
        BeforeAll {
            $script:secret = ConvertTo-Secret 'the-secret-key'
            $script:signed = Get-SignedServer
        }

        It '-AccessKey and -SecretKey sign' {
            $session = Connect-Acm "$signed" -Direct -NoSnapshot -AccessKey 'the-access-key' -SecretKey $secret

            Set-AcmConfig signed.yaml 'x'
            Get-AcmConfig signed.yaml -Raw | Should -Be 'x'
            $session.AccessKey | Should -Not -Be 'the-access-key' -Because 'it is shown shortened'
            $session | Format-List * | Out-String | Should -Not -Match 'the-secret-key'
        }

        It '-Credential signs' {
            $null = Connect-Acm "$signed" -Direct -NoSnapshot -Credential ([pscredential]::new('the-access-key', $secret))

            { Find-AcmConfig } | Should -Not -Throw
        }

        It 'a server brings its own keys' {
            $null = $signed | Connect-Acm

            { Find-AcmConfig } | Should -Not -Throw
        }

        It '-CredentialSource takes them from the environment' {
            $names = 'ALIBABA_CLOUD_ACCESS_KEY_ID', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'ALIBABA_CLOUD_SECURITY_TOKEN'
            $saved = $names | ForEach-Object { [Environment]::GetEnvironmentVariable($_) }
            try {
                $env:ALIBABA_CLOUD_ACCESS_KEY_ID = 'the-access-key'
                $env:ALIBABA_CLOUD_ACCESS_KEY_SECRET = 'the-secret-key'
                $env:ALIBABA_CLOUD_SECURITY_TOKEN = $null
                $session = Connect-Acm "$signed" -Direct -NoSnapshot -CredentialSource Environment

                Set-AcmConfig source.yaml 'x'
                Get-AcmConfig source.yaml -Raw | Should -Be 'x'
                "$($session.CredentialSource)" | Should -Be 'Environment'
            }
            finally {
                for ($i = 0; $i -lt $names.Count; $i++) { [Environment]::SetEnvironmentVariable($names[$i], $saved[$i]) }
            }
        }

        It 'a source without credentials is an error of each command, not of Connect-Acm' {
            $saved = $env:ALIBABA_CLOUD_ACCESS_KEY_ID
            try {
                $env:ALIBABA_CLOUD_ACCESS_KEY_ID = $null
                $null = Connect-Acm "$signed" -Direct -NoSnapshot -CredentialSource Environment

                $failure = { Get-AcmConfig source.yaml -ErrorAction Stop } | Should -Throw -ErrorId 'AcmAuthenticationFailed,*' -PassThru

                "$failure" | Should -BeLike '*ALIBABA_CLOUD_ACCESS_KEY_ID*not set*'
            }
            finally {
                [Environment]::SetEnvironmentVariable('ALIBABA_CLOUD_ACCESS_KEY_ID', $saved)
            }
        }

        It '-NoAuth sends none, and the server denies access' {
            $null = $signed | Connect-Acm -NoAuth

            { Get-AcmConfig signed.yaml -ErrorAction Stop } | Should -Throw -ErrorId 'AcmAccessDenied,*'
        }
    }

    Context 'an error' {
        It 'ends the command for <what>' -ForEach @(
            @{ what = 'an access key alone'; parameters = @{ Endpoint = '127.0.0.1:1'; AccessKey = 'a' } }
            @{ what = 'a security token without keys'; parameters = @{ Endpoint = '127.0.0.1:1'; SecurityToken = [securestring]::new() } }
            @{ what = 'a security token beside another source'; parameters = @{ Endpoint = '127.0.0.1:1'; CredentialSource = 'Environment'; SecurityToken = [securestring]::new() } }
            @{ what = 'a role without a source that assumes it'; parameters = @{ Endpoint = '127.0.0.1:1'; RoleArn = 'acs:ram::1:role/r' } }
            @{ what = 'KMS settings without -UseKms'; parameters = @{ Endpoint = '127.0.0.1:1'; KmsRegionId = 'cn-hangzhou' } }
            @{ what = 'an endpoint that is none'; parameters = @{ Endpoint = 'a b c' } }
            @{ what = 'a port that is none'; parameters = @{ Endpoint = '127.0.0.1:99999' } }
            @{ what = 'a namespace that is none'; parameters = @{ Endpoint = '127.0.0.1:1'; Namespace = 'no/namespace' } }
            @{ what = 'two address servers'; parameters = @{ Endpoint = '127.0.0.1:1', '127.0.0.1:2' } }
            @{ what = 'a certificate file that is not there'; parameters = @{ Endpoint = '127.0.0.1:1'; CaCertificatePath = 'TestDrive:/no-such.pem' } }
        ) {
            $failure = { Connect-Acm @parameters } | Should -Throw -ErrorId 'AcmInvalidParameter,AcmPowerShell.ConnectAcmCommand' -PassThru

            $failure.CategoryInfo.Category | Should -Be 'InvalidArgument'
        }

        It 'keeps the previous connection' {
            $session = Connect-Acm "$server" -Direct -NoSnapshot

            { Connect-Acm 'a b c' } | Should -Throw

            Get-AcmSession | Should -Be $session
        }
    }
}
