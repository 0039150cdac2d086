using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>Connect-Acm without a server reads the server, and other missing parameters, from the environment.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class ConnectionEnvironmentTests : IDisposable
{
    private readonly List<string> _set = [];
    private readonly ModuleShell _shell = ModuleShell.Open();

    public void Dispose()
    {
        _set.ForEach(name => Environment.SetEnvironmentVariable(name, null));
        _shell.Dispose();
    }

    [Fact]
    public void Server_user_password_type_and_the_like_are_taken()
    {
        Set(("ACM_SERVER", "nacos1:8848,nacos2"), ("ACM_USERNAME", "ann"), ("ACM_PASSWORD", "env-canary-1"), ("ACM_SERVER_TYPE", "nacos"), ("ACM_NAMESPACE", "dev"), ("ACM_TIMEOUT_SEC", "7.5"), ("ACM_USE_TLS", "true"), ("ACM_TLS_SERVER_NAME", "n.example.com"));

        ModuleResult result = _shell.Run("$s = Connect-Acm; \"$($s.ServerType)|$($s.Endpoint)|$($s.UserName)|$($s.Namespace)|$($s.TimeoutSec)|$($s.Tls)\"");
        ModuleResult given = _shell.Run("$s = Connect-Acm -Namespace prod -TimeoutSec 2; \"$($s.Namespace)|$($s.TimeoutSec)|$($s.Endpoint)\"");

        Assert.Equal(["Nacos|nacos1:8848,nacos2|ann|dev|7.5|True"], result.ThrowOnError().Texts);
        Assert.Equal(["prod|2|nacos1:8848,nacos2"], given.ThrowOnError().Texts);
    }

    // Credentials in the environment are only sent to the server in the environment.
    [Fact]
    public void A_server_that_is_given_gets_nothing_of_the_environment()
    {
        Set(("ACM_SERVER", "nacos1"), ("ACM_USERNAME", "ann"), ("ACM_PASSWORD", "env-canary-2"), ("ACM_NAMESPACE", "dev"));

        ModuleResult result = _shell.Run("foreach ($s in (Connect-Acm -Server other), (Connect-Acm other)) { \"$($s.Endpoint)|$($s.UserName)|$($s.AccessKey)|$($s.Namespace)\" }");

        Assert.Equal(["other|||", "other|||"], result.ThrowOnError().Texts);
    }

    [Fact]
    public void An_endpoint_with_keys_is_taken_as_well()
    {
        Set(("ACM_ENDPOINT", "acm.example.com"), ("ACM_ACCESS_KEY", "LTAI1234567890xy"), ("ACM_SECRET_KEY", "env-canary-3"), ("ACM_NO_SNAPSHOT", "true"));

        ModuleResult result = _shell.Run("$s = Connect-Acm; \"$($s.ServerType)|$($s.Endpoint)|$($s.AccessKey)|$($s.SnapshotPath)\"");

        Assert.Equal(["Acm|acm.example.com|LTAI***xy|"], result.ThrowOnError().Texts);
    }

    [Theory]
    [InlineData("ACM_SERVER_TYPE", "7", "Auto, Acm, Nacos")]
    [InlineData("ACM_USE_TLS", "yes", "true or false")]
    [InlineData("ACM_TIMEOUT_SEC", "0", "from 0.001 to 600")]
    [InlineData("ACM_USERNAME", "ann", "password is missing")]
    [InlineData("ACM_ENDPOINT", "b", "ACM_SERVER and ACM_ENDPOINT are both set")]
    public void A_variable_that_can_not_be_used_is_named(string variable, string value, string message)
    {
        Set(("ACM_SERVER", "a"), (variable, value));

        ErrorRecord error = _shell.Run("Connect-Acm").Error;

        Assert.Equal("AcmInvalidParameter,AcmPowerShell.ConnectAcmCommand", error.FullyQualifiedErrorId);
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
    }

    private void Set(params (string Name, string Value)[] variables)
    {
        foreach ((string name, string value) in variables)
        {
            Environment.SetEnvironmentVariable(name, value);
            _set.Add(name);
        }
    }
}
