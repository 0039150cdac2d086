BeforeAll {
    . "$PSScriptRoot/common.ps1"
    $script:secret = New-Object securestring
    foreach ($c in 'secret'.ToCharArray()) { $script:secret.AppendChar($c) }
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Test-AcmEncryption' {
    It 'reports that a connection has no KMS, with advice' {
        $rows = @(Test-AcmEncryption)

        "$($rows[0].Status)" | Should -Be 'Failed'
        $rows[0].Cure | Should -Match '-UseKms'
        @($rows | Where-Object { "$($_.Status)" -eq 'Skipped' }).Count | Should -Be 5
    }

    It 'has a row for each step, in their order' {
        $steps = @(Test-AcmEncryption | ForEach-Object Check)

        $steps -join ' ' | Should -Be 'Options Credential GenerateDataKey Encrypt Decrypt RoundTrip'
    }

    It 'fails the steps of an unreachable KMS, without an error' {
        $session = Connect-Acm 127.0.0.1:1 -AccessKey ak -SecretKey $secret -NoSnapshot -UseKms -KmsEndpoint 127.0.0.1:1 -TimeoutSec 5

        $rows = @(Test-AcmEncryption -Session $session)

        "$($rows[0].Status) $($rows[1].Status) $($rows[2].Status)" | Should -Be 'Passed Passed Failed'
        $rows[2].Target | Should -Be '127.0.0.1:1'
        Disconnect-Acm $session
    }
}
