BeforeAll {
    . "$PSScriptRoot/common.ps1"
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Test-AcmConnection' {
    It 'returns a row for each step, without failures' {
        $checks = Test-AcmConnection

        $checks[0].PSTypeNames | Should -Contain 'Acm.Client.ConnectionCheck'
        @($checks).Count | Should -BeGreaterThan 1
        $checks | ForEach-Object { "$($_.Status)" } | Should -Not -Contain 'Failed'
    }

    It 'changes nothing on the server' {
        $null = Test-AcmConnection

        Find-AcmConfig | Should -BeNullOrEmpty
    }

    It 'returns a failed row with advice, and no error, if no server is reachable' {
        $dead = Connect-Acm 127.0.0.1:1 -Direct -NoSnapshot

        $failed = Test-AcmConnection -Session $dead -TimeoutSec 5 -ErrorVariable failures | Where-Object { "$($_.Status)" -eq 'Failed' }

        $failed | Should -Not -BeNullOrEmpty
        $failed[0].Cure | Should -Not -BeNullOrEmpty
        $failures | Should -HaveCount 0
    }

    It 'distinguishes a wrong access key from a wrong secret key' {
        $guarded = Get-SignedServer
        $wrongKey = Connect-Acm $guarded.Endpoint -Direct -NoSnapshot -AccessKey wrong -SecretKey (ConvertTo-Secret 'the-secret-key')
        $wrongSecret = Connect-Acm $guarded.Endpoint -Direct -NoSnapshot -AccessKey 'the-access-key' -SecretKey (ConvertTo-Secret 'wrong-secret')
        $null = Connect-Server -NoSnapshot

        $key = Test-AcmConnection -Session $wrongKey | Where-Object Check -eq Signature
        $secret = Test-AcmConnection -Session $wrongSecret | Where-Object Check -eq Signature

        $key.Cure | Should -BeLike '*access key ID: it is wrong*'
        $secret.Cure | Should -BeLike 'The secret key is wrong*'
    }

    It 'tests the specified namespace' {
        $null = Connect-Server -NoSnapshot

        Test-AcmConnection -Namespace blue | ForEach-Object { "$($_.Status)" } | Should -Not -Contain 'Failed'
    }

    It 'is a terminating error without a connection' {
        Disconnect-Acm

        { Test-AcmConnection } | Should -Throw -ErrorId 'AcmNotConnected,*'
    }
}
