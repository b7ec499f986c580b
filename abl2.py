from abl import run
run('all',set()); run('no item',{34}); run('no own',{29}); run('no new',{30,31}); run('no idiomflags',{32,33})
