using Acm.Tests.Support;

namespace Acm.Tests.Integrations;

/// <summary>The step template and the task of Azure Pipelines against a real server.</summary>
public sealed class AzureTaskTests(ModuleServer server) : IClassFixture<ModuleServer>, IDisposable
{
    private readonly AzureAgent _agent = new();
    private readonly TemporaryFiles _folder = new();
    private readonly string _namespace = server.NewNamespace();

    public void Dispose()
    {
        _agent.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_template_gets_variables_and_masks_before_all_else()
    {
        server.Connect(_namespace).Run("""Set-AcmConfig app.json '{"plain":"a]\n##vso[x]","token":"t%1-x"}'""").ThrowOnError();

        StepResult result = await _agent.RunTemplateAsync(isProcess: true, [.. Connection, ("command", "get"), ("dataId", "app.json"), ("allowName", "plain\ntoken"), ("accessKey", "ak"), ("secretKey", "key-of-the-caller")]);

        Assert.Equal(
            [
                "##vso[task.setsecret]key-of-the-caller",
                "##vso[task.setsecret]t%AZP251-x",
                "##vso[task.setvariable variable=PLAIN]a]%0A##vso[x]",
                "##vso[task.setvariable variable=TOKEN;issecret=true]t%AZP251-x",
                "2 variables: PLAIN, TOKEN",
            ],
            result.Lines.Where(line => !line.StartsWith("##vso[task.uploadsummary]", StringComparison.Ordinal)));
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("\nTOKEN (secret), from DEFAULT_GROUP/app.json\n", result.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_task_compares_uploads_a_summary_and_fails_where_it_is_asked_to()
    {
        ModuleShell shell = server.Connect(_namespace);
        shell["folder"] = _folder.Path;
        shell.Run("""
            Set-AcmConfig a.txt 'one'; Set-AcmConfig db.properties 'db.password=TOP1'; $null = Export-AcmConfig "$folder/config"
            Set-AcmConfig a.txt "##vso[task.setvariable variable=X]1"; Set-AcmConfig db.properties 'db.password=TOP2'
            """).ThrowOnError();

        StepResult? result = await _agent.RunTaskAsync([.. Connection, ("command", "compare"), ("path", Path.Combine(_folder.Path, "config")), ("failOnDifference", "true")]);

        if (result is null) return;

        // Any other exit code would cause an additional annotation of the agent.
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            [
                "##vso[task.setvariable variable=different;isOutput=true]true",
                "##vso[task.uploadsummary]",
                "##vso[task.logissue type=error]2 configurations differ.",
                "##vso[task.complete result=Failed;]The step failed; its error is above.",
            ],
            result.Commands.Select(command => command.StartsWith("##vso[task.uploadsummary]", StringComparison.Ordinal) ? "##vso[task.uploadsummary]" : command));
        Assert.Contains("\n-db.password=***\n", result.Summary, StringComparison.Ordinal);
        Assert.Contains("\n+one\n", result.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain("TOP", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_template_annotates_a_failure_once_and_has_a_summary_of_it()
    {
        StepResult result = await _agent.RunTemplateAsync(isProcess: false, [.. Connection, ("command", "get"), ("dataId", "missing"), ("prefix", "A_")]);

        Assert.Equal(0, result.ExitCode);
        Assert.Single(result.Commands, command => command.StartsWith("##vso[task.logissue type=error]AcmConfigNotFound: ", StringComparison.Ordinal));
        Assert.Equal("##vso[task.complete result=Failed;]The step failed; its error is above.", result.Lines[^1]);
        Assert.StartsWith("### Failed\n", result.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_task_fails_with_the_script_and_succeeds_with_it()
    {
        StepResult? failed = await _agent.RunTaskAsync([.. Connection, ("command", "get"), ("dataId", "missing"), ("prefix", "A_")]);
        StepResult? done = await _agent.RunTaskAsync([.. Connection, ("command", "set"), ("dataId", "a.txt"), ("content", "one\ntwo 中"), ("group", "SHOP")]);

        if (failed is null || done is null) return;

        Assert.Equal(0, failed.ExitCode);
        Assert.StartsWith("##vso[task.logissue type=error]AcmConfigNotFound: ", Assert.Single(failed.Commands, command => command.Contains("logissue type=error", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal("##vso[task.complete result=Failed;]The step failed; its error is above.", failed.Lines[^1]);
        Assert.StartsWith("### Failed\n", failed.Summary, StringComparison.Ordinal);
        Assert.Equal(0, done.ExitCode);
        Assert.StartsWith("##vso[task.uploadsummary]", Assert.Single(done.Commands), StringComparison.Ordinal);
        Assert.Equal(["one\ntwo 中"], server.Connect(_namespace).Run("Get-AcmConfig a.txt SHOP -Raw").ThrowOnError().Texts);
    }

    private (string Name, string Value)[] Connection => [("endpoint", server.Endpoint), ("direct", "true"), ("namespace", _namespace)];
}
