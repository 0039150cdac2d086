using HelpBuilder;
using HelpBuilder.Commands;

const string Usage = """
    HelpBuilder build DOCS OUTPUT            docs/cmdlets and docs/about_*.md become OUTPUT/*.dll-Help.xml and OUTPUT/about_*.help.txt
    HelpBuilder page MODULE DOCS [NAME...]   writes the page of a command that has none, and refreshes what a page repeats of its command
    """;

try
{
    switch (args)
    {
        case ["build", string docs, string output]:
            BuildHelp.Run(docs, output);
            return 0;
        case ["page", string module, string docs, .. string[] names]:
            WritePages.Run(module, docs, names);
            return 0;
        default:
            Console.Error.WriteLine(Usage);
            return 64;
    }
}
catch (HelpException e)
{
    // MSBuild recognizes this format as an error in the file.
    Console.Error.WriteLine($"{e.File}(1,1): error HELP001: {e.Message}");
    return 1;
}
