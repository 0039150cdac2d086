using ModulePackager;

if (args is not [string module, string output])
{
    Console.Error.WriteLine("ModulePackager MODULE OUTPUT    packs the staged module into OUTPUT/NAME.VERSION.nupkg");
    return 64;
}

try
{
    string package = ModulePackage.Write(module, output);
    Console.WriteLine($"{package} ({new FileInfo(package).Length / 1024.0 / 1024:0.00} MB)");
    return 0;
}
catch (PackagingException e)
{
    Console.Error.WriteLine($"ModulePackager: error PACK001: {e.Message}");
    return 1;
}
