using System.Text.Json;
using Acm.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Acm.Tests.Server;

/// <summary>The commands of acm-server that list and prune the history of a data file.</summary>
public sealed class HistoryCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("acm-history-").FullName;

    private string DataFile => Path.Combine(_folder, "acm.db");

    [Fact]
    public async Task The_history_of_a_running_server_is_listed_newest_first()
    {
        await using RunningServer server = await RunningServer.StartWithAsync("--data", DataFile);
        await PublishAsync(server, "a", "1");
        await PublishAsync(server, "b", "22");
        await PublishAsync(server, "a", "333");
        await RemoveAsync(server, "b");

        (int exitCode, string output, string errors) = await AcmServerProcess.RunAsync("history", "--data", DataFile, "--json");

        Assert.Equal((0, ""), (exitCode, errors));
        JsonElement[] changes = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(
            [("delete", "b", null), ("update", "a", 3), ("insert", "b", 2), ("insert", "a", (long?)1)],
            changes.Select(change => (change.GetProperty("operation").GetString(), change.GetProperty("dataId").GetString(), change.GetProperty("bytes") is { ValueKind: JsonValueKind.Number } bytes ? bytes.GetInt64() : (long?)null)));
        Assert.All(changes, change => Assert.Equal(("G", "127.0.0.1"), (change.GetProperty("group").GetString(), change.GetProperty("from").GetString())));
    }

    [Fact]
    public async Task A_name_a_group_and_a_number_choose_what_is_listed()
    {
        await using RunningServer server = await RunningServer.StartWithAsync("--data", DataFile);
        await PublishAsync(server, "a", "1");
        await PublishAsync(server, "b", "1");
        await PublishAsync(server, "a", "2");

        (_, string ofName, _) = await ServerCommand.RunAsync("history", "--data", DataFile, "--namespace", "public", "--group", "G", "--data-id", "a");
        (_, string newest, _) = await ServerCommand.RunAsync("history", "--data", DataFile, "--count", "1");
        (_, string ofOtherGroup, _) = await ServerCommand.RunAsync("history", "--data", DataFile, "--group", "H");

        Assert.Matches(@"^REVISION +TIME +OPERATION +NAMESPACE +GROUP +DATA ID .*\n\d+ +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ +update +public +G +a +127.0.0.1 +1\n\d+ .* insert +public +G +a .*\n$", ofName.ReplaceLineEndings("\n"));
        Assert.Equal(2, newest.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Single(ofOtherGroup.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Pruning_beside_a_running_server_keeps_the_newest_changes_and_current_values()
    {
        await using RunningServer server = await RunningServer.StartWithAsync("--data", DataFile, "--history-revisions", "0");
        for (int i = 0; i < 10; i++) await PublishAsync(server, "a", $"v{i}");
        await PublishAsync(server, "b", "1");

        (int exitCode, string output, string errors) = await AcmServerProcess.RunAsync("prune-history", "--data", DataFile, "--keep", "3");
        await PublishAsync(server, "a", "after");
        (_, string listed, _) = await ServerCommand.RunAsync("history", "--data", DataFile, "--data-id", "a", "--json");

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal("Removed 6 changes.", output.Trim());
        Assert.Equal(4, listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(("after", "1"), (await ReadAsync(server, "a"), await ReadAsync(server, "b")));
    }

    [Fact]
    public async Task Changes_older_than_a_time_are_removed_and_their_content_is_overwritten()
    {
        await using (RunningServer server = await RunningServer.StartWithAsync("--data", DataFile, "--history-days", "0"))
        {
            await PublishAsync(server, "gone", "old-secret-4711");
            await RemoveAsync(server, "gone");
            await PublishAsync(server, "kept", "1");
        }

        Age(TimeSpan.FromDays(31));
        (_, string younger, _) = await ServerCommand.RunAsync("prune-history", "--data", DataFile, "--older-than", "32d");
        (_, string older, _) = await ServerCommand.RunAsync("prune-history", "--data", DataFile, "--older-than", "30d");
        (_, string listed, _) = await ServerCommand.RunAsync("history", "--data", DataFile, "--json");

        Assert.Equal(("Removed 0 changes.", "Removed 2 changes."), (younger.Trim(), older.Trim()));
        Assert.Contains("\"kept\"", Assert.Single(listed.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal(-1, (await File.ReadAllBytesAsync(DataFile)).AsSpan().IndexOf("old-secret-4711"u8));
    }

    [Fact]
    public async Task Pruning_while_the_server_publishes_loses_nothing()
    {
        await using RunningServer server = await RunningServer.StartWithAsync("--data", DataFile, "--history-revisions", "0");
        for (int i = 0; i < 30; i++) await PublishAsync(server, $"k{i % 3}", $"{i}");

        Task<(int ExitCode, string Output, string Errors)> pruning = AcmServerProcess.RunAsync("prune-history", "--data", DataFile, "--keep", "1");
        int last = 29;
        while (!pruning.IsCompleted || last % 3 != 2)
        {
            last++;
            await PublishAsync(server, $"k{last % 3}", $"{last}");
        }

        (int exitCode, _, string errors) = await pruning;

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal([$"{last - 2}", $"{last - 1}", $"{last}"], [await ReadAsync(server, "k0"), await ReadAsync(server, "k1"), await ReadAsync(server, "k2")]);
    }

    [Theory]
    [InlineData(2, "is not a command", "histroy")]
    [InlineData(2, "requires --older-than, --keep or both", "prune-history")]
    [InlineData(2, "days, hours or minutes", "prune-history", "--older-than", "30")]
    [InlineData(2, "days, hours or minutes", "prune-history", "--older-than", "d")]
    [InlineData(2, "whole number from 1", "prune-history", "--keep", "0")]
    [InlineData(2, "'--urls' is not an option", "history", "--urls", "http://127.0.0.1:0")]
    [InlineData(1, "the file does not exist", "history", "--data", "absent.db")]
    public async Task A_command_that_cannot_run_says_why(int expected, string reason, params string[] arguments)
    {
        (int exitCode, string output, string errors) = await ServerCommand.RunAsync(arguments);

        Assert.Equal((expected, ""), (exitCode, output));
        Assert.Contains(reason, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PRAGMA application_id = 1094929779; PRAGMA user_version = 1;", "Start the server with this file once")]
    [InlineData("PRAGMA application_id = 1094929779; PRAGMA user_version = 99;", "schema version 99")]
    [InlineData("CREATE TABLE t (x);", "is not a data file of acm-server")]
    public async Task A_file_of_another_version_or_program_is_refused(string sql, string reason)
    {
        Execute(sql);

        (int exitCode, _, string errors) = await ServerCommand.RunAsync("prune-history", "--data", DataFile, "--keep", "1");

        Assert.Equal(1, exitCode);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_shows_the_commands_and_their_options()
    {
        (int exitCode, string output, _) = await ServerCommand.RunAsync("history", "--help");

        Assert.Equal(0, exitCode);
        Assert.Contains("acm-server prune-history [options]", output, StringComparison.Ordinal);
        Assert.Contains("--older-than AGE", output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task PublishAsync(RunningServer server, string dataId, string content) =>
        Assert.Equal(200, (await RawHttp.PostAsync(server.Uri, "/diamond-server/basestone.do?method=syncUpdateAll", $"dataId={dataId}&group=G&content={content}")).Status);

    private static async Task RemoveAsync(RunningServer server, string dataId) =>
        Assert.Equal(200, (await RawHttp.PostAsync(server.Uri, "/diamond-server/datum.do?method=deleteAllDatums", $"dataId={dataId}&group=G")).Status);

    private static async Task<string> ReadAsync(RunningServer server, string dataId) => (await RawHttp.GetAsync(server.Uri, $"/diamond-server/config.co?dataId={dataId}&group=G")).Text;

    private void Age(TimeSpan age) => Execute(FormattableString.Invariant($"UPDATE history SET changed_at = changed_at - {(long)age.TotalMilliseconds}"));

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={DataFile};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
