using Acm.Benchmarks;

const string IdlePollsName = "idle-polls";

if (args is [BareKestrel.Argument, string model])
{
    await BareKestrel.RunAsync(new Uri(model));
    return 0;
}

var benchmarks = new Dictionary<string, Func<Task<IReadOnlyList<Figure>>>>
{
    ["engine-get"] = EngineGet.RunAsync,
    ["cmdlet-get"] = CmdletGet.RunAsync,
    ["shell-get"] = ShellGet.RunAsync,
    ["cold-start"] = ColdStart.RunAsync,
    ["find-and-get"] = FindAndGet.RunAsync,
    ["list-keys"] = ListKeys.RunAsync,
    ["encrypted-export"] = EncryptedExport.RunAsync,
    ["import-module"] = ImportModule.RunAsync,
    ["import"] = ImportConfigs.RunAsync,
    ["import-memory"] = ImportMemory.RunAsync,
    ["import-kills"] = ImportKills.RunAsync,
    ["export"] = ExportConfigs.RunAsync,
    ["export-memory"] = ExportMemory.RunAsync,
    ["export-kills"] = ExportKills.RunAsync,
    ["credential-refresh"] = CredentialRefresh.RunAsync,
    ["watch-latency"] = WatchLatency.RunAsync,
    ["watch-events"] = WatchEvents.RunAsync,
    ["watch-session"] = WatchSession.RunAsync,
    ["watch-first"] = WatchFirst.RunAsync,
    ["watch-many"] = WatchMany.RunAsync,
    ["watch-bursts"] = WatchBursts.RunAsync,
    ["watch-restarts"] = WatchRestarts.RunAsync,
    ["push-server"] = PushServer.RunAsync,
    ["push-latency"] = PushLatency.RunAsync,
    ["push-events"] = PushEvents.RunAsync,
    ["push-keys"] = PushKeys.RunAsync,
    ["push-idle"] = PushIdle.RunAsync,
    ["push-connections"] = () => PushConnections.RunAsync(args.ElementAtOrDefault(1)),
    ["push-soak"] = () => PushSoak.RunAsync(args.ElementAtOrDefault(1)),
    ["push-chaos"] = () => PushRounds.RunAsync(args.ElementAtOrDefault(1)),
    ["server-kills"] = ServerKills.RunAsync,
    ["nacos-gets"] = NacosGets.RunAsync,
    ["nacos-writes"] = NacosWrites.RunAsync,
    ["nacos-size"] = NacosSize.RunAsync,
    ["nacos-transfers"] = NacosTransfers.RunAsync,
};

if (args is not [string name, ..] || (name is not ("all" or IdlePollsName) && !benchmarks.ContainsKey(name)))
{
    Console.Error.WriteLine($"Usage: dotnet run -c Release --project benchmarks -- all|{string.Join('|', benchmarks.Keys)}|{IdlePollsName} [number of polls; of connections, minutes or rounds for push-connections, push-soak and push-chaos]");
    return 2;
}

int missed = 0;
foreach ((string key, Func<Task<IReadOnlyList<Figure>>> run) in benchmarks)
{
    if (name != "all" && name != key) continue;

    foreach (Figure figure in await run())
    {
        figure.Print();
        if (!figure.Passed) missed++;
    }
}

// Prints its own figures, which have no bounds except that all polls are held and completed.
if (name is "all" or IdlePollsName && await IdlePolls.RunAsync([Staged.Server, .. args[1..]]) != 0) missed++;

return missed == 0 ? 0 : 1;
